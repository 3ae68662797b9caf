package io.runnel.routing.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request's query as fields (application/x-www-form-urlencoded, UTF-8). Pure. */
final class QueryText {
    private QueryText() {}

    /**
     * The values of some fields, in their order; a field that is not there has none.
     *
     * @param query as it came, without the question mark
     * @return empty if one of these fields is not well encoded
     */
    static Optional<Map<String, List<String>>> fields(String query, Set<String> names) {
        Map<String, List<String>> fields = new HashMap<>();
        if (names.isEmpty() || query.isEmpty()) {
            return Optional.of(fields);
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String rawName = equals < 0 ? pair : pair.substring(0, equals);
            Optional<String> name = PercentText.decode(rawName, true);
            if (name.isEmpty() || !names.contains(name.get())) {
                continue;
            }
            String rawValue = equals < 0 ? "" : pair.substring(equals + 1);
            Optional<String> value = PercentText.decode(rawValue, true);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            fields.computeIfAbsent(name.get(), _ -> new ArrayList<>()).add(value.get());
        }
        return Optional.of(fields);
    }
}
