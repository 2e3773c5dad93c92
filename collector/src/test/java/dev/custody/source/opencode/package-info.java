@NullMarked
package dev.custody.source.opencode;

import org.jspecify.annotations.NullMarked;
