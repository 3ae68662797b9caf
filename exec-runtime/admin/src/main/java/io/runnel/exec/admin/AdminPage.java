package io.runnel.exec.admin;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import java.util.List;
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
     * As {@link #document(String)}, for pages that read what follows the path.
     *
     * @throws BadQueryException if it is not understood
     */
    default Optional<Document> document(String path, MultiMap query) {
        return document(path);
    }

    /** Which methods but GET it takes. Any thread. */
    default List<HttpMethod> changes() {
        return List.of();
    }

    /**
     * Does what the method says; what is there then. May block, for milliseconds; any thread.
     *
     * @param method one of its {@link #changes}
     * @param path one of its own
     */
    default Optional<Document> change(HttpMethod method, String path) {
        throw new UnsupportedOperationException(method + " " + path);
    }

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
