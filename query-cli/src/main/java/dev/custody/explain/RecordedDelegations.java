package dev.custody.explain;

import dev.custody.audit.Failure;
import dev.custody.audit.RecordSource;
import dev.custody.chain.Envelope;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the stored topic holds of one delegation: its grants and its revocations, in the order of
 * storage. The tokens in them speak for themselves; whether the records belong to the history that
 * is believed, the audit says.
 *
 * @param grants events that record it
 * @param revocations events that revoke it
 */
public record RecordedDelegations(List<Event> grants, List<Event> revocations) {
  /** Copies. */
  public RecordedDelegations {
    grants = List.copyOf(grants);
    revocations = List.copyOf(revocations);
  }

  /**
   * Reads the whole topic once; only records that contain the characters of {@code id} are decoded.
   *
   * @throws IOException when the store cannot be read
   */
  public static RecordedDelegations of(String id, RecordSource source) throws IOException {
    Search search = new Search(id);
    source.read(search);
    return new RecordedDelegations(search.grants, search.revocations);
  }

  private static final class Search implements RecordSource.Sink {
    private final String id;
    private final byte[] wanted;
    private final List<Event> grants = new ArrayList<>();
    private final List<Event> revocations = new ArrayList<>();

    Search(String id) {
      this.id = id;
      this.wanted = id.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void record(RecordSource.Stored record) {
      byte[] value = record.value();
      if (value == null || !contains(value, wanted)) {
        return;
      }
      try {
        Envelope envelope = Formats.ENVELOPE.decode(value);
        Event event = Formats.EVENT.decode(envelope.event().toByteArray());
        if (event.body() instanceof Body.DelegationGranted g && g.id().equals(id)) {
          grants.add(event);
        } else if (event.body() instanceof Body.DelegationRevoked r && r.id().equals(id)) {
          revocations.add(event);
        }
      } catch (WireException e) {
        // The audit reports what is damaged; here it is no delegation.
        return;
      }
    }

    @Override
    public void failure(Failure failure) {}
  }

  private static boolean contains(byte[] value, byte[] wanted) {
    for (int at = 0; at + wanted.length <= value.length; at++) {
      int same = 0;
      while (same < wanted.length && value[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return true;
      }
    }
    return false;
  }
}
