@NullMarked
package dev.custody.source.agent;

import org.jspecify.annotations.NullMarked;
