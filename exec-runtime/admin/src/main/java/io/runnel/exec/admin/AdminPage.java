package io.runnel.exec.admin;

import io.vertx.core.buffer.Buffer;

import java.util.Optional;

/** Something that a node tells its operators beside what it holds ready. */
public interface AdminPage {
    /** Whether this path is one of its own. Any thread. */
    boolean serves(String path);

    /**
     * What is there now; empty if nothing is. May block, for milliseconds; any thread.
     *
     * @param path one of its own
     */
    Optional<Document> document(String path);

    /**
     * An answer.
     *
     * @param mediaType its {@code Content-Type}
     */
    record Document(String mediaType, Buffer bytes) {
        /** JSON. */
        public static Document json(byte[] bytes) {
            return new Document("application/json", Buffer.buffer(bytes));
        }
    }
}
