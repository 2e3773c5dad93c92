@NullMarked
package dev.custody.source.otlp;

import org.jspecify.annotations.NullMarked;
