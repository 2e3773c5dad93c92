@NullMarked
package dev.custody.source.gemini;

import org.jspecify.annotations.NullMarked;
