package io.runnel.routing.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** An answer that is kept: immutable, any thread. */
public final class StoredAnswer {
    private static final int OK_FROM = 200;
    private static final int OK_TO = 299;

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;
    private final Optional<EntityTag> tag;
    private final OptionalLong modified;
    private final OptionalLong dated;

    /** Made by whoever gives it; if two make it at once, either is as good. */
    private volatile Optional<Object> prepared = Optional.empty();

    StoredAnswer(
            int status, List<Map.Entry<String, String>> headers, byte[] body, long answeredMillis) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        AnswerHead head = new AnswerHead(status, headers);
        this.tag = head.only("ETag").flatMap(EntityTag::parse);
        this.modified = date(head, "Last-Modified", answeredMillis);
        this.dated = date(head, "Date", answeredMillis);
    }

    private static OptionalLong date(HeaderView head, String name, long answeredMillis) {
        Optional<String> only = head.only(name);
        return only.isPresent() ? HttpDate.parse(only.get(), answeredMillis) : OptionalLong.empty();
    }

    /** Its status. */
    public int status() {
        return status;
    }

    /**
     * Its headers in their order, without those of the connection that it came by, and without Age
     * and Cache-Status, which who gives it has to say. There is always a Date.
     */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** Its body; cannot be written to. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    /** Its body itself, for whoever gives it without copying: must never be changed. */
    public byte[] sharedBody() {
        return body;
    }

    /**
     * What it is given as: made when it is asked for first, and then as long as it is kept. Counts
     * for no bytes, so it must not be much larger than the headers are.
     *
     * @param type of what is made, always the same
     * @param make of this answer
     */
    public <T> T prepared(Class<T> type, Function<StoredAnswer, T> make) {
        Optional<Object> made = prepared;
        if (made.isEmpty()) {
            made = Optional.of(make.apply(this));
            prepared = made;
        }
        return type.cast(made.get());
    }

    /** How many bytes its body has. */
    public int length() {
        return body.length;
    }

    /**
     * Whether the caller already has it: to be answered by 304, with these headers and no body (RFC
     * 9110, section 13.2.2 and RFC 9111, section 4.3.2). If-None-Match counts alone where it is
     * there; If-Modified-Since is compared with Last-Modified, or else with Date.
     */
    public boolean isNotModified(HeaderView request) {
        if (status < OK_FROM || status > OK_TO) {
            return false;
        }
        List<String> tags = request.all("If-None-Match");
        if (!tags.isEmpty()) {
            return EntityTag.anyMatches(tags, tag);
        }
        OptionalLong since = date(request, "If-Modified-Since", dated.orElse(0));
        OptionalLong changed = modified.isPresent() ? modified : dated;
        return since.isPresent() && changed.isPresent() && changed.getAsLong() <= since.getAsLong();
    }

    /**
     * The headers by which the task can be asked whether this is still what it would say: for
     * If-None-Match and If-Modified-Since. Empty if there are none.
     */
    public List<Map.Entry<String, String>> validators() {
        List<Map.Entry<String, String>> validators = new ArrayList<>(2);
        tag.ifPresent(it -> validators.add(Map.entry("If-None-Match", it.text())));
        if (modified.isPresent()) {
            validators.add(Map.entry("If-Modified-Since", HttpDate.format(modified.getAsLong())));
        }
        return validators;
    }

    boolean hasValidator() {
        return tag.isPresent() || modified.isPresent();
    }

    Optional<EntityTag> tag() {
        return tag;
    }

    OptionalLong modified() {
        return modified;
    }
}
