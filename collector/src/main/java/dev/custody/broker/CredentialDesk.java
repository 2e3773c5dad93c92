package dev.custody.broker;

import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;

/** Where a process of an agent's session asks for a credential. */
@FunctionalInterface
public interface CredentialDesk {
  /** A collector that has no broker. */
  CredentialDesk NONE =
      body -> {
        throw new RefusedException(
            RefusedException.Kind.NO_BROKER, "no broker is configured; try: docs/credentials.md");
      };

  /**
   * A credential, as AWS's {@code credential_process} prints one: secret, to be sent and forgotten.
   *
   * @param body strict JSON {@code {session, cwd?, delegation?, role?}}
   * @throws BadInputException when the body is something else
   * @throws RefusedException when there is none for this session
   * @throws CaptureException when the request, or what came of it, could not be recorded; no
   *     credential is given then
   */
  byte[] credential(byte[] body) throws BadInputException, RefusedException, CaptureException;
}
