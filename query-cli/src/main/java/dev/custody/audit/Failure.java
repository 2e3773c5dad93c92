package dev.custody.audit;

import dev.custody.admission.Verdict;
import dev.custody.audit.RecordSource.Place;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import org.jspecify.annotations.Nullable;

/** Why a log is not intact: data, one of a closed list; {@code docs/cli-json.md} has the table. */
public sealed interface Failure {
  /** Name of the verdict, as printed. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** The first record, or stored byte, that is not as it must be. */
  Where where();

  /** The last offset that it touches. */
  default long lastOffset() {
    return where().place().offset();
  }

  /** Expected and found, in words. It may hold strings of the record. */
  String detail();

  /** What to do next. */
  String next();

  /**
   * A place in the history.
   *
   * @param chain null when the bytes name none
   * @param sequence position in the chain, null when the bytes name none
   * @param place where it is stored
   */
  record Where(@Nullable ChainId chain, @Nullable Long sequence, Place place) {
    static Where stored(Place place) {
      return new Where(null, null, place);
    }
  }

  /** A record that admission refuses. */
  record Refused(Verdict verdict, Where where) implements Failure {
    @Override
    public String name() {
      return verdict.name();
    }

    @Override
    public String detail() {
      return verdict.detail();
    }

    @Override
    public String next() {
      return switch (verdict) {
        case Verdict.UnknownSigner _ ->
            "verify with the root of the organisation that enrolled this collector: --root FILE";
        case Verdict.NoGenesis _ -> "see why #0 of this chain is refused or missing";
        case Verdict.Fork _ -> TWO_HISTORIES;
        case Verdict.Stale _ -> WRITERS;
        case Verdict.KeyOutsideValidity _ ->
            "see the collector's clock and when its certificate was renewed";
        default -> EVIDENCE;
      };
    }
  }

  /**
   * A record older than the links that admission keeps, stored once more; {@code first} is where it
   * was admitted.
   */
  record Replayed(Where where, Place first) implements Failure {
    @Override
    public String detail() {
      return "expected #%d once, at offset %d, found the same link again, further behind than any collector resends"
          .formatted(where.sequence(), first.offset());
    }

    @Override
    public String next() {
      return WRITERS;
    }
  }

  /** Another record at a position that was taken long before, at {@code kept}. */
  record Fork(Where where, Place kept, Digest expected, Digest found) implements Failure {
    @Override
    public String detail() {
      return "at #%d expected link %s, as at offset %d, found %s"
          .formatted(where.sequence(), expected.hex(), kept.offset(), found.hex());
    }

    @Override
    public String next() {
      return TWO_HISTORIES;
    }
  }

  /** A record outside the partition of its chain: no collector and no admission looks there. */
  record WrongPartition(Where where, int expected) implements Failure {
    @Override
    public String detail() {
      return "expected in partition %d, where its chain belongs, found in partition %d"
          .formatted(expected, where.place().partition());
    }

    @Override
    public String next() {
      return WRITERS + ", and whether all partitions are there";
    }
  }

  /** Positions of a chain that nothing filled; the place is that of the record behind them. */
  record Gap(Where where, long first, long last) implements Failure {
    @Override
    public String detail() {
      return "expected #%d, found #%d: %d missing".formatted(first, last + 1, last - first + 1);
    }

    @Override
    public String next() {
      return SPOOL;
    }
  }

  /** Stored bytes that are not as Kafka wrote them; {@code lastOffset} ends what they touch. */
  record DamagedStorage(Where where, long lastOffset, String detail) implements Failure {
    @Override
    public String next() {
      return EVIDENCE;
    }
  }

  /**
   * A batch that somebody compressed. The topic is declared uncompressed, so no broker wrote it so;
   * and few bytes could expand to any number of them, so it is not opened.
   */
  record CompressedBatch(Where where, long lastOffset, int compression) implements Failure {
    @Override
    public String detail() {
      return "expected an uncompressed batch, as the topic declares, found compression %d: what is in it was not looked at"
          .formatted(compression);
    }

    @Override
    public String next() {
      return "see who set the topic's compression.type; a broker hands the records out, limited in size: --bootstrap-servers";
    }
  }

  /** The end of a segment is cut in the middle of a batch. */
  record TruncatedBatch(Where where, String detail) implements Failure {
    @Override
    public String next() {
      return "a crash while writing leaves this too: start the broker once, which drops what it never acknowledged, and verify again";
    }
  }

  /** Offsets that no stored record has: the topic is kept for ever, so they were removed. */
  record MissingOffsets(Where where, long expected) implements Failure {
    @Override
    public String detail() {
      return "expected offset %d, found %d: %d missing"
          .formatted(expected, where.place().offset(), where.place().offset() - expected);
    }

    @Override
    public String next() {
      return EVIDENCE;
    }
  }

  /** A partition of which nothing is stored, although a later one is. */
  record MissingPartition(Where where) implements Failure {
    @Override
    public String detail() {
      return "expected a directory of partition %d, found none"
          .formatted(where.place().partition());
    }

    @Override
    public String next() {
      return EVIDENCE;
    }
  }

  /** A second chain that says it follows the same chain. */
  record RivalSuccessor(Where where, ChainId predecessor, ChainId rival) implements Failure {
    @Override
    public String detail() {
      return "expected one successor of chain %s, %s, found a second one, %s"
          .formatted(predecessor.shortHex(), rival.shortHex(), chainOf(where));
    }

    @Override
    public String next() {
      return "the collector's state was copied or set back: see which of the two machines is the real one, and revoke the other's key";
    }
  }

  /** A chain that says it follows the chain of another collector. */
  record ForeignSuccessor(Where where, String expected, String found) implements Failure {
    @Override
    public String detail() {
      return "expected a successor by %s, found one by %s".formatted(expected, found);
    }

    @Override
    public String next() {
      return "see who holds the key of the successor's collector";
    }
  }

  /** A successor that names an earlier end of its predecessor than the log holds. */
  record ForgottenTail(Where where, ChainId predecessor, long named, long held) implements Failure {
    @Override
    public String detail() {
      return "expected chain %s to end at #%d, as its successor says, found it up to #%d"
          .formatted(predecessor.shortHex(), named, held);
    }

    @Override
    public String next() {
      return "the collector's state was set back, for example from a backup: see what it did after #"
          + named;
    }
  }

  /** A successor that names another link at its predecessor's end than the log holds. */
  record OtherTail(Where where, ChainId predecessor, long named, Digest expected, Digest found)
      implements Failure {
    @Override
    public String detail() {
      return "expected link %s at %s#%d, as its successor says, found %s"
          .formatted(expected.hex(), predecessor.shortHex(), named, found.hex());
    }

    @Override
    public String next() {
      return TWO_HISTORIES;
    }
  }

  /**
   * The end of a chain that its successor names, and that the log does not hold; the place is that
   * of the successor's genesis.
   */
  record MissingTail(Where where, ChainId predecessor, long named, long held) implements Failure {
    @Override
    public String detail() {
      return held < 0
          ? "expected chain %s up to #%d, as its successor says, found no verified record of it"
              .formatted(predecessor.shortHex(), named)
          : "expected chain %s up to #%d, as its successor says, found it up to #%d: %d missing"
              .formatted(predecessor.shortHex(), named, held, named - held);
    }

    @Override
    public String next() {
      return SPOOL;
    }
  }

  /** A record after the orderly end of its chain. */
  record AfterStop(Where where, long stop) implements Failure {
    @Override
    public String detail() {
      return "expected nothing after CollectorStopped at #%d, found #%d"
          .formatted(stop, where.sequence());
    }

    @Override
    public String next() {
      return "the collector's key was used after it stopped: revoke it, and ask who had a copy of it";
    }
  }

  /** An orderly end that names another end than its own. */
  record FalseStop(Where where, long expected, long found) implements Failure {
    @Override
    public String detail() {
      return expected == found
          ? "expected CollectorStopped to name the link before it, found another one"
          : "expected CollectorStopped to name #%d, found #%d".formatted(expected, found);
    }

    @Override
    public String next() {
      return "see what the collector's release is, and who holds its key";
    }
  }

  /** A list of logs that no trusted root signed, or none where there are checkpoints. */
  record BadLogList(Where where, String detail) implements Failure {
    @Override
    public String next() {
      return "verify with the root of the organisation that signed the list of logs: --root FILE";
    }
  }

  /** A checkpoint that is none, or that no key of its log signed. */
  record BadCheckpoint(Where where, String detail) implements Failure {
    @Override
    public String next() {
      return LOG_WRITERS;
    }
  }

  /** Two checkpoints of one log that give two roots for one size. */
  record SplitView(Where where, String log, long size, Digest expected, Digest found)
      implements Failure {
    @Override
    public String detail() {
      return "expected one root of log %s at size %d, %s, found a second one, %s"
          .formatted(log, size, expected.hex(), found.hex());
    }

    @Override
    public String next() {
      return "whoever holds the log's key signed two histories: keep both checkpoints, as evidence";
    }
  }

  /**
   * A checkpoint whose root the stored records do not give; the place is that of the first record
   * that differs, where the log's tiles tell it.
   *
   * @param log the log, and whose checkpoint it is
   * @param size of the checkpoint
   * @param expected its root
   * @param found the root that the stored records give
   * @param difference the first entry that differs, in words
   */
  record ForkedLog(
      Where where, String log, long size, Digest expected, Digest found, String difference)
      implements Failure {
    @Override
    public String detail() {
      return "expected root %s of log %s at size %d, found %s; %s"
          .formatted(expected.hex(), log, size, found.hex(), difference);
    }

    @Override
    public String next() {
      return "records that the log once held were changed, removed or put elsewhere: " + EVIDENCE;
    }
  }

  /**
   * Fewer records than a checkpoint says that there were.
   *
   * @param log the log, and whose checkpoint it is
   * @param claimed size of the checkpoint
   * @param held number of records that are stored and verify
   * @param missing the first that is missing, in words
   */
  record RolledBackLog(Where where, String log, long claimed, long held, String missing)
      implements Failure {
    @Override
    public String detail() {
      return "expected %d records, as a checkpoint of log %s says, found %d: %d missing; %s"
          .formatted(claimed, log, held, claimed - held, missing);
    }

    @Override
    public String next() {
      return "records were cut from the end of the partition: " + EVIDENCE;
    }
  }

  /** A full tile that a checkpoint needs and that is not stored. */
  record MissingTile(Where where, String log, String tile) implements Failure {
    @Override
    public String detail() {
      return "expected %s of log %s, found none".formatted(tile, log);
    }

    @Override
    public String next() {
      return "the records themselves are judged above; rebuild the log: delete the processor's state and start it";
    }
  }

  /** A tile that is none, or not that of the stored records. */
  record BadTile(Where where, String log, String tile, String defect) implements Failure {
    @Override
    public String detail() {
      return "%s of log %s: %s".formatted(tile, log, defect);
    }

    @Override
    public String next() {
      return LOG_WRITERS;
    }
  }

  /** A revocation that no trusted root signed. */
  record BadRevocation(Where where, String detail) implements Failure {
    @Override
    public String next() {
      return "it revokes nothing: see who recorded it";
    }
  }

  /** A record that a revocation speaks against; admission could not know. */
  record RevokedKey(Where where, String detail) implements Failure {
    @Override
    public String next() {
      return "do not believe it: whoever took the key could have written it";
    }
  }

  /** The next step where somebody else than the log wrote. */
  String LOG_WRITERS = "somebody wrote past the stream processor: see who may write to the topic";

  /** The next step where storage was changed. */
  String EVIDENCE =
      "keep the directory as it is, as evidence; verify a copy of it from before, to see what was there";

  /** The next step where somebody else than a collector wrote. */
  String WRITERS = "somebody wrote past the collectors: see who may write to the topic";

  /** The next step where a key signed what excludes each other. */
  String TWO_HISTORIES =
      "the collector's key signed two histories: revoke it, and ask who had a copy of it";

  /** The next step where something is missing. */
  String SPOOL =
      "the collector may hold them in its spool still: start it and verify again; else they are lost";

  private static String chainOf(Where where) {
    ChainId chain = where.chain();
    return chain == null ? "unknown" : chain.shortHex();
  }
}
