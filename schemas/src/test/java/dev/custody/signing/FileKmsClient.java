package dev.custody.signing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * A key management service in one directory, for tests: {@code file-kms://KEY}, where the
 * credentials are the directory, or {@code $java.io.tmpdir} without any.
 */
public final class FileKmsClient implements KmsClient {
  private static final String PREFIX = "file-kms://";

  private final Path directory;

  /** For the service loader. */
  public FileKmsClient() {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  private FileKmsClient(Path directory) {
    this.directory = directory;
  }

  @Override
  public boolean doesSupport(String uri) {
    return uri.startsWith(PREFIX);
  }

  @Override
  public KmsClient withCredentials(String path) throws GeneralSecurityException {
    if (!Files.isDirectory(Path.of(path))) {
      throw new GeneralSecurityException("no credentials in " + path);
    }
    return new FileKmsClient(Path.of(path));
  }

  @Override
  public KmsClient withDefaultCredentials() {
    return this;
  }

  @Override
  public Aead getAead(String uri) throws GeneralSecurityException {
    Path key = directory.resolve(uri.substring(PREFIX.length()) + ".kms");
    try {
      if (!Files.exists(key)) {
        KeysetHandle fresh =
            KeysetHandle.generateNew(
                PredefinedAeadParameters.AES256_GCM, CryptoProvider.configuration());
        Files.write(
            key,
            TinkProtoKeysetFormat.serializeKeyset(
                fresh, InsecureSecretKeyAccess.get(), CryptoProvider.configuration()));
      }
      return TinkProtoKeysetFormat.parseKeyset(
              Files.readAllBytes(key),
              InsecureSecretKeyAccess.get(),
              CryptoProvider.configuration())
          .getPrimitive(CryptoProvider.configuration(), Aead.class);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
