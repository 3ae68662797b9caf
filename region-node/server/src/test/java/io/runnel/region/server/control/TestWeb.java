package io.runnel.region.server.control;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Documents that stand somewhere, and which of them were asked for. */
final class TestWeb implements WebDocuments {
    final Map<String, String> documents = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public String get(URI where) throws IOException {
        asked.add(where.toString());
        String document = documents.get(where.toString());
        if (document == null) {
            throw new IOException(where + " answers 404");
        }
        return document;
    }
}
