/**
 * All-in-one mode: everything Custody needs, in one process on one machine, with nothing to install
 * beside it.
 *
 * <p><b>Purpose.</b> Start the Kafka that the other parts speak to, inside this JVM, on loopback,
 * over a directory the user owns.
 *
 * <p><b>Invariant.</b> The rest of the process sees an ordinary Kafka address and nothing else:
 * what runs here runs unchanged against a cluster. Kafka never ends this JVM; a broker that cannot
 * start is a {@link dev.custody.local.BrokerStartException}, one that stops working is its {@link
 * dev.custody.local.EmbeddedBroker#fault() fault}. One directory has at most one broker.
 *
 * <p><b>Allowed neighbours.</b> This package may import every other module; none imports it but the
 * command line. It is the only importer of Kafka's server internals ({@code kafka.*}, {@code
 * org.apache.kafka.server}, {@code .metadata}, {@code .raft}), and {@link
 * dev.custody.local.EmbeddedBroker} is the only class here that does: a change of Kafka's version
 * is a change of that file.
 */
@NullMarked
package dev.custody.local;

import org.jspecify.annotations.NullMarked;
