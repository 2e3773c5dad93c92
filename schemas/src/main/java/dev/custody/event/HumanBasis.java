package dev.custody.event;

/** How the person is known. */
public enum HumanBasis {
  SIGNED_DELEGATION,
  AGENT_ACCOUNT,
  GIT_EMAIL,
  OS_USER,
  PROVIDER_RECORD,
  UNKNOWN
}
