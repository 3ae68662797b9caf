package io.runnel.routing.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Headers of a message, as {@code Name: value} lines. */
record Headers(List<Map.Entry<String, String>> lines) implements HeaderView {
    static final Headers NONE = of();

    static Headers of(String... lines) {
        List<Map.Entry<String, String>> parsed = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            parsed.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).trim()));
        }
        return new Headers(parsed);
    }

    @Override
    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }
}
