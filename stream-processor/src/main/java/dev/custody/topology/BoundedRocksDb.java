package dev.custody.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * All state stores of the process share one cache: 128 MiB in all, of which write buffers take a
 * quarter.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  private static final long CACHE_BYTES = 128L << 20;
  private static final long WRITE_BUFFER_BYTES = 32L << 20;
  private static final long ONE_WRITE_BUFFER_BYTES = 2L << 20;

  static {
    RocksDB.loadLibrary();
  }

  /**
   * Four parts: in the default's 64 of 2 MiB each, the filter of a large file is thrown out by what
   * was read in between, and then every look-up reads it again, which takes a millisecond.
   */
  private static final int SHARD_BITS = 2;

  /** For indexes and filters, before anything else is kept. */
  private static final double HIGH_PRIORITY = 0.5;

  private static final Cache CACHE = new LRUCache(CACHE_BYTES, SHARD_BITS, false, HIGH_PRIORITY);
  private static final WriteBufferManager WRITE_BUFFERS =
      new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    // In blocks, like the rows: a look-up reads one of them, not all of a file's.
    table.setIndexType(IndexType.kTwoLevelIndexSearch);
    table.setPartitionFilters(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(ONE_WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(2);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    options.setMaxOpenFiles(512);
    options.setTableCacheNumshardbits(2);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache is everybody's, not this store's.
  }
}
