package io.runnel.exec.wasi;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The functions of the import module {@value #MODULE}: what a guest may ask of Runnel that WASI has
 * no word for. The number in the module's name is its version: what is in one version never
 * changes, functions may be added to it.
 *
 * <p>A result below zero is a {@link RunnelError}. Like those of WASI they hold nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // They hold nothing that changes.
public enum RunnelFunction implements GuestFunction {
    /** {@code (level, text, length)}: a line of the task's log. */
    LOG("iii:i", (m, c, a) -> GuestLog.write(m, c, a.i32(0), a.i32(1), a.i32(2))),
    /** {@code (to, capacity)}: the call's request id; its length. */
    REQUEST_ID("ii:i", GuestFacts::requestId),
    /** {@code ()}: milliseconds until the call is ended; -1 if nobody knows. */
    TIME_LEFT(":I", (m, c, a) -> GuestFacts.timeLeftMs(c)),
    /**
     * {@code (method, its length, url, its length, headers, their length, body, its length)}: sends
     * a request, and waits for the head of its answer; a handle of it.
     */
    HTTP_SEND("iiiiiiii:i", OutboundFunctions::send),
    /** {@code (handle)}: the answer's status code. */
    HTTP_STATUS("i:i", OutboundFunctions::status),
    /** {@code (handle, to, capacity)}: its headers as lines; their length. */
    HTTP_HEADERS("iii:i", OutboundFunctions::headers),
    /** {@code (handle, to, capacity)}: some bytes of its body; how many, 0 at the end. */
    HTTP_READ("iii:i", OutboundFunctions::read),
    /** {@code (handle)}: forgets the answer. */
    HTTP_CLOSE("i:i", OutboundFunctions::close),
    /**
     * {@code (audience, its length, nonce, its length, to, capacity)}: a document of who the call
     * is, signed by its node, as JWT; its length. Each time another one.
     */
    IDENTITY_DOCUMENT("iiiiii:i", GuestIdentity::document);

    /** Where modules import them from. */
    public static final String MODULE = "runnel@1";

    /** What the names of all versions' modules begin with. */
    public static final String ANY_VERSION = "runnel";

    /** What a function does. */
    @FunctionalInterface
    private interface Body {
        long call(WasiMemory memory, GuestCall call, Numbers numbers);
    }

    private static final Map<String, RunnelFunction> BY_NAME =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(f -> f.importName, Function.identity()));

    private final String importName = name().toLowerCase(Locale.ROOT);
    private final String signature;
    private final Body body;

    RunnelFunction(String signature, Body body) {
        this.signature = signature;
        this.body = body;
    }

    @Override
    public long apply(WasiMemory memory, long... numbers) {
        StackRoom.require();
        return body.call(memory, memory.call(), new Numbers(numbers));
    }

    /** The function that modules import by this name. */
    public static Optional<RunnelFunction> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    @Override
    public String importModule() {
        return MODULE;
    }

    @Override
    public String importName() {
        return importName;
    }

    @Override
    public String signature() {
        return signature;
    }
}
