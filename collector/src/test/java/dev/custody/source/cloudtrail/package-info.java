@NullMarked
package dev.custody.source.cloudtrail;

import org.jspecify.annotations.NullMarked;
