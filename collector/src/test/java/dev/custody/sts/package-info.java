/**
 * AWS STS as far as a broker and the AWS command line need it, on loopback: it checks what it is
 * sent as AWS does, hands out credentials, and writes the CloudTrail records of what it did.
 */
@NullMarked
package dev.custody.sts;

import org.jspecify.annotations.NullMarked;
