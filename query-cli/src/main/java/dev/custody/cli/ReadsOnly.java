package dev.custody.cli;

/** A command that only reads the index, and has to answer at once. */
interface ReadsOnly {}
