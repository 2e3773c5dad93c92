package dev.custody.spool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One opening of the RocksDB directory: three column families and how they are tuned. Owns all of
 * its native memory, about 90 MiB at most.
 */
final class Store implements AutoCloseable {
  private static final String ENVELOPES = "envelopes";
  private static final String SOURCES = "sources";

  private static final long CACHE_BYTES = 16 << 20;

  /** Four parts: each has to hold a filter's blocks, and few threads read. */
  private static final int CACHE_SHARD_BITS = 2;

  static {
    RocksDB.loadLibrary();
  }

  private final List<AbstractNativeReference> owned;
  private final RocksDB db;
  private final ColumnFamilyHandle notes;
  private final ColumnFamilyHandle envelopes;
  private final ColumnFamilyHandle sources;
  private final WriteOptions synced;
  private final FlushOptions flushing;

  private Store(Path directory, List<AbstractNativeReference> owned) throws RocksDBException {
    this.owned = owned;
    DBOptions options = own(options());
    Cache cache = own(new LRUCache(CACHE_BYTES, CACHE_SHARD_BITS));
    BloomFilter filter = own(new BloomFilter(10));
    List<ColumnFamilyDescriptor> families =
        List.of(
            new ColumnFamilyDescriptor(
                RocksDB.DEFAULT_COLUMN_FAMILY, own(family(cache, filter, 1 << 20))),
            new ColumnFamilyDescriptor(
                ENVELOPES.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                own(
                    family(cache, filter, 32 << 20)
                        // What is trimmed soon is not worth the processor's time.
                        .setCompressionType(CompressionType.NO_COMPRESSION)
                        .setLevel0FileNumCompactionTrigger(8)
                        .setMemtableMaxRangeDeletions(1000))),
            new ColumnFamilyDescriptor(
                SOURCES.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                own(
                    family(cache, filter, 8 << 20)
                        // Hardly any id was met before, so filters answer for nearly all of them.
                        .setMemtablePrefixBloomSizeRatio(0.1)
                        .setMemtableWholeKeyFiltering(true))));
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    db = RocksDB.open(options, directory.toString(), families, handles);
    notes = handles.get(0);
    envelopes = handles.get(1);
    sources = handles.get(2);
    synced = own(new WriteOptions().setSync(true));
    flushing = own(new FlushOptions().setWaitForFlush(true));
  }

  static Store open(Path directory) throws SpoolException {
    List<AbstractNativeReference> owned = new ArrayList<>();
    try {
      return new Store(directory, owned);
    } catch (RocksDBException e) {
      // Tried again every second while a disk is full: nothing may be left of an attempt.
      owned.reversed().forEach(AbstractNativeReference::close);
      throw refused(directory, e);
    }
  }

  private static SpoolException refused(Path directory, RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    if (DiskRoom.isLackIn(message)) {
      return new SpoolException(
          "spool %s cannot be written: %s; what was recorded is kept; try: make room on its disk, recording then goes on"
              .formatted(directory, message),
          e);
    }
    if (message.contains("lock ") || message.contains("LOCK")) {
      return new SpoolException(
          "spool %s is in use by another collector; try: stop it, or --data with another directory"
              .formatted(directory),
          e);
    }
    return new SpoolException(
        "spool %s does not open: %s; try: move it aside, the next chain will say that its predecessor is unknown"
            .formatted(directory, message),
        e);
  }

  private static DBOptions options() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // What was acknowledged is synced, so only the tail of the newest log may be torn; damage
        // anywhere else refuses to open rather than quietly losing what follows it.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setParanoidChecks(true)
        .setMaxTotalWalSize(128 << 20)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(512)
        .setTableCacheNumshardbits(2)
        .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
        .setMaxLogFileSize(1 << 20)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  private static ColumnFamilyOptions family(Cache cache, BloomFilter filter, long writeBuffer) {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(writeBuffer)
        .setMaxWriteBufferNumber(2)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                // In blocks, like the rows: a look-up reads one of them, not all of a file's, which
                // for a million source ids would be more than the cache holds.
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setPinTopLevelIndexAndFilter(true)
                .setFilterPolicy(filter));
  }

  private <T extends AbstractNativeReference> T own(T reference) {
    owned.add(reference);
    return reference;
  }

  byte @Nullable [] getNote(byte[] key) throws RocksDBException {
    return db.get(notes, key);
  }

  byte @Nullable [] getEnvelope(long position) throws RocksDBException {
    return db.get(envelopes, Spool.positionKey(position));
  }

  /** Of each key whether it is there. */
  boolean[] hasSources(List<byte[]> keys) throws RocksDBException {
    List<byte[]> found = db.multiGetAsList(Collections.nCopies(keys.size(), sources), keys);
    boolean[] has = new boolean[keys.size()];
    for (int i = 0; i < has.length; i++) {
      has[i] = found.get(i) != null;
    }
    return has;
  }

  RocksIterator envelopes() {
    return db.newIterator(envelopes);
  }

  void putNote(WriteBatch batch, byte[] key, byte[] value) throws RocksDBException {
    batch.put(notes, key, value);
  }

  RocksIterator notes() {
    return db.newIterator(notes);
  }

  void deleteNote(WriteBatch batch, byte[] key) throws RocksDBException {
    batch.delete(notes, key);
  }

  void putEnvelope(WriteBatch batch, long position, byte[] row) throws RocksDBException {
    batch.put(envelopes, Spool.positionKey(position), row);
  }

  void putSource(WriteBatch batch, byte[] key) throws RocksDBException {
    batch.put(sources, key, new byte[0]);
  }

  void deleteEnvelopes(WriteBatch batch, long from, long to) throws RocksDBException {
    batch.deleteRange(envelopes, Spool.positionKey(from), Spool.positionKey(to));
  }

  /**
   * Gives the room of everything before {@code position} back to the disk, which a range deletion
   * alone does at some later time.
   */
  void reclaim(long position) throws RocksDBException {
    db.deleteFilesInRanges(
        envelopes, List.of(Spool.positionKey(0), Spool.positionKey(position)), false);
    // A log is let go of once all that it holds is in tables.
    db.flush(flushing, List.of(notes, envelopes, sources));
    db.compactRange(envelopes, Spool.positionKey(0), Spool.positionKey(position));
  }

  /** All or none of {@code batch}, on disk before it returns. */
  void write(WriteBatch batch) throws RocksDBException {
    db.write(synced, batch);
  }

  @Override
  public void close() {
    notes.close();
    envelopes.close();
    sources.close();
    db.close();
    owned.reversed().forEach(AbstractNativeReference::close);
  }
}
