@NullMarked
package dev.custody.source.codex;

import org.jspecify.annotations.NullMarked;
