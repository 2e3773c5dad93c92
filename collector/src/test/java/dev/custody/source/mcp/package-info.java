@org.jspecify.annotations.NullMarked
package dev.custody.source.mcp;
