@NullMarked
package dev.custody.source;

import org.jspecify.annotations.NullMarked;
