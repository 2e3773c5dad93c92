@NullMarked
package dev.custody.source.records;

import org.jspecify.annotations.NullMarked;
