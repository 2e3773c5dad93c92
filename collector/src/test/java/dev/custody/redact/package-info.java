@NullMarked
package dev.custody.redact;

import org.jspecify.annotations.NullMarked;
