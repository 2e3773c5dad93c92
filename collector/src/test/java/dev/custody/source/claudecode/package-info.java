@NullMarked
package dev.custody.source.claudecode;

import org.jspecify.annotations.NullMarked;
