package io.runnel.region.server.control;

import java.io.IOException;
import java.net.URI;

/** Small documents of the public web. */
@FunctionalInterface
public interface WebDocuments {
    /**
     * Reads one by https. Blocks, for some seconds at most.
     *
     * @throws IOException if it is not to be had, is too large, or stands where nodes do not go
     */
    String get(URI where) throws IOException;
}
