/**
 * The sources' own formats: hook bodies of Claude Code 2.1.330, CloudTrail records, repositories.
 *
 * <p><b>Invariant.</b> Nothing here is Custody's own form; what is written could come from the
 * source itself.
 */
@NullMarked
package dev.custody.accuracy.format;

import org.jspecify.annotations.NullMarked;
