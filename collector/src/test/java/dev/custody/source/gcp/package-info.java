@NullMarked
package dev.custody.source.gcp;

import org.jspecify.annotations.NullMarked;
