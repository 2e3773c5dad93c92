@NullMarked
package dev.custody.source.rules;

import org.jspecify.annotations.NullMarked;
