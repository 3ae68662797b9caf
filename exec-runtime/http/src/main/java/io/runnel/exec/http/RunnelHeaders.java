package io.runnel.exec.http;

import io.vertx.core.http.HttpHeaders;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headers between us and the world, and between our own nodes. */
public final class RunnelHeaders {
    /** What all headers of ours begin with: never from a guest, never to one. */
    static final String PREFIX = "runnel-";

    /** The id of the call, on every answer; between nodes on requests too. */
    public static final CharSequence REQUEST_ID = named("Runnel-Request-Id");

    /** {@code pop/ams} or {@code region/eu-west/eu-west-1}. */
    public static final CharSequence RAN_AT = named("Runnel-Ran-At");

    /** {@code warm}, {@code cold} or {@code restored}. */
    public static final CharSequence START = named("Runnel-Start");

    /** The task's version that answered. */
    public static final CharSequence TASK_VERSION = named("Runnel-Task-Version");

    /** Why it ran there. */
    public static final CharSequence PLACED = named("Runnel-Placed");

    /** On a refusal: no guest has seen the call, so it may be sent again whatever its method. */
    public static final CharSequence NOT_RUN = named("Runnel-Not-Run");

    /** Seconds since the last confirmed contact, where it served beyond that. */
    public static final CharSequence STALE = named("Runnel-Stale");

    /** A caller's key, {@code ID.SECRET}. */
    public static final CharSequence KEY = named("Runnel-Key");

    /** What a caller is, by a signed document (JWT) that was made for the task. */
    public static final CharSequence CALLER = named("Runnel-Caller");

    /** Between nodes: milliseconds that are left for the call. */
    public static final CharSequence DEADLINE = named("Runnel-Deadline");

    /** Between regions, on requests of the control API: it is not relayed again. */
    public static final CharSequence RELAYED = named("Runnel-Relayed");

    /** Between nodes: the one that forwards. */
    public static final CharSequence NODE = named("Runnel-Node");

    /** Between nodes, on answers: how loaded the node is, percent; 100 and more is full. */
    public static final CharSequence LOAD = named("Runnel-Load");

    /**
     * Between nodes, on pings and their answers: which of what a node says of its stock is known,
     * or is said.
     */
    public static final CharSequence STOCK = named("Runnel-Stock");

    /** Between nodes, on answers: where the call goes on, and by what its answer is had there. */
    public static final CharSequence MOVED = named("Runnel-Moved");

    /** Between nodes, on requests: that call's answer is wanted. */
    public static final CharSequence RESUME = named("Runnel-Resume");

    /** Phases and their milliseconds. */
    public static final CharSequence SERVER_TIMING = named("Server-Timing");

    /** RFC 8586. */
    public static final CharSequence CDN_LOOP = named("CDN-Loop");

    /** RFC 7239. */
    public static final CharSequence FORWARDED = named("Forwarded");

    /** RFC 9209. */
    public static final CharSequence PROXY_STATUS = named("Proxy-Status");

    static final CharSequence RETRY_AFTER = named("Retry-After");

    private static final CharSequence CONTENT_TYPE = named("Content-Type");
    private static final CharSequence CONTENT_LENGTH = named("Content-Length");

    /** Those on answers, by their names in small letters. */
    private static final Map<String, CharSequence> OF_ANSWERS =
            Stream.of(
                            REQUEST_ID,
                            RAN_AT,
                            START,
                            TASK_VERSION,
                            PLACED,
                            NOT_RUN,
                            STALE,
                            SERVER_TIMING,
                            CDN_LOOP,
                            PROXY_STATUS,
                            RETRY_AFTER,
                            CONTENT_TYPE,
                            CONTENT_LENGTH)
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    name -> name.toString().toLowerCase(Locale.ROOT),
                                    name -> name));

    private RunnelHeaders() {}

    /**
     * A header's name as we write it, if it is one that we put on answers: HTTP/2 brings it in
     * small letters from another node.
     */
    public static CharSequence spelled(String name) {
        return OF_ANSWERS.getOrDefault(name, name);
    }

    private static CharSequence named(String name) {
        return HttpHeaders.createOptimized(name);
    }
}
