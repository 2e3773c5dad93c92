package dev.custody.cli;

/** The filters of {@code credential list}: of records that name a credential. */
final class CredentialFilterOptions extends CommonFilterOptions {}
