package dev.custody.topology;

import dev.custody.admission.TrustedRoots;
import dev.custody.log.LogKeys;
import dev.custody.sigma.RuleSet;
import java.nio.file.Path;

/**
 * What a stream processor needs.
 *
 * @param bootstrapServers Kafka, {@code host:port[,host:port...]}
 * @param stateDirectory where its state lies; it may be deleted, and is then rebuilt
 * @param instance name of this instance, the same after each restart, another for each process of
 *     one cluster
 * @param threads that share its partitions, 1 or more
 * @param partitions partitions of every topic
 * @param replication copies of every internal topic
 * @param roots the organisation's root keys
 * @param rules the detection rules
 * @param logs the transparency logs that it writes, and the signed list that names them
 */
public record ProcessorConfig(
    String bootstrapServers,
    Path stateDirectory,
    String instance,
    int threads,
    int partitions,
    short replication,
    TrustedRoots roots,
    RuleSet rules,
    LogKeys logs) {}
