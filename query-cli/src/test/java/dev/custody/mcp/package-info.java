@org.jspecify.annotations.NullMarked
package dev.custody.mcp;
