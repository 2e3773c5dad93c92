@NullMarked
package dev.custody.source.github;

import org.jspecify.annotations.NullMarked;
