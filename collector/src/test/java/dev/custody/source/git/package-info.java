@NullMarked
package dev.custody.source.git;

import org.jspecify.annotations.NullMarked;
