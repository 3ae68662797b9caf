package io.runnel.routing.edge;

import io.runnel.exec.http.SharedBytes;
import io.runnel.routing.cache.StoredAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer that is kept, as it is sent: its headers are bytes already, since that is most of what
 * it takes to send them. Any thread.
 *
 * @param headers in their order
 * @param body not to be changed
 */
record ServedAnswer(List<Map.Entry<CharSequence, CharSequence>> headers, Buffer body) {
    /** That of an answer: made once. */
    static ServedAnswer of(StoredAnswer answer) {
        return answer.prepared(ServedAnswer.class, ServedAnswer::made);
    }

    private static ServedAnswer made(StoredAnswer answer) {
        List<Map.Entry<CharSequence, CharSequence>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : answer.headers()) {
            headers.add(
                    Map.entry(
                            HttpHeaders.createOptimized(header.getKey()),
                            HttpHeaders.createOptimized(header.getValue())));
        }
        return new ServedAnswer(List.copyOf(headers), SharedBytes.of(answer.sharedBody()));
    }

    void putOn(MultiMap to) {
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            to.add(header.getKey(), header.getValue());
        }
    }
}
