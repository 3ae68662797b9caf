package io.runnel.exec.wasi;

import io.runnel.exec.task.ByteSize;

/**
 * What the requests of one call may take together.
 *
 * @param requests how many
 * @param open how many answers that are not closed
 * @param sent bytes of URLs, headers and bodies
 * @param received bytes of headers and bodies
 */
record OutboundLimits(int requests, int open, ByteSize sent, ByteSize received) {
    static final OutboundLimits DEFAULT =
            new OutboundLimits(32, 8, ByteSize.ofMiB(16), ByteSize.ofMiB(32));
}
