package io.runnel.routing.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a 304 makes of the answer that it confirms (RFC 9111, sections 3.2 and 4.3.4). */
final class Freshening {
    /** What says how the body is written, which a 304 does not change. */
    private static final Set<String> OF_BODY =
            Set.of("content-length", "content-encoding", "content-type", "content-range");

    private static final int NOT_MODIFIED = 304;

    private Freshening() {}

    /** Whether it confirms this one: it has to name the same tag or date, if it names any. */
    static boolean isAbout(
            StoredAnswer stale, List<Map.Entry<String, String>> headers, long answeredMillis) {
        AnswerHead head = new AnswerHead(NOT_MODIFIED, headers);
        if (head.has("ETag")) {
            Optional<EntityTag> tag = head.only("ETag").flatMap(EntityTag::parse);
            return tag.isPresent()
                    && stale.tag().filter(it -> it.opaque().equals(tag.get().opaque())).isPresent();
        }
        Optional<String> modified = head.only("Last-Modified");
        return modified.isEmpty()
                || HttpDate.parse(modified.get(), answeredMillis).equals(stale.modified());
    }

    /** What it says, and of the answer's headers those that it does not say. */
    static List<Map.Entry<String, String>> headers(
            StoredAnswer stale, List<Map.Entry<String, String>> headers) {
        Set<String> said = new HashSet<>();
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!OF_BODY.contains(name)) {
                said.add(name);
                all.add(header);
            }
        }
        for (Map.Entry<String, String> header : stale.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            // A Date of before would make it as old as it was.
            if (!said.contains(name) && !name.equals("date")) {
                all.add(header);
            }
        }
        return all;
    }
}
