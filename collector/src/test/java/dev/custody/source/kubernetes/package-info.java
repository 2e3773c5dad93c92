@NullMarked
package dev.custody.source.kubernetes;

import org.jspecify.annotations.NullMarked;
