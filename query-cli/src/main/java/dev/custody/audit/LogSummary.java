package dev.custody.audit;

/**
 * What an audit found of one transparency log.
 *
 * @param origin its name
 * @param current whether it is the newest generation of its partition
 * @param checkpoints how many signed checkpoints of it were verified
 * @param covered size of the newest checkpoint that the stored records agree with
 * @param held number of stored records that are, or will be, in it
 */
public record LogSummary(
    String origin, boolean current, long checkpoints, long covered, long held) {}
