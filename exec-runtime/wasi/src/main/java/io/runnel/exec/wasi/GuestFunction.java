package io.runnel.exec.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A function of the host that modules may import. There is one of each for all guests. */
public sealed interface GuestFunction permits WasiFunction, RunnelFunction {
    /** Where modules import it from. */
    String importModule();

    /** Its name there. */
    String importName();

    /**
     * Its type, a letter for each value: {@code i} and {@code I} are integers of 32 and 64 bits;
     * {@code iI:i} takes two and gives one.
     */
    String signature();

    /**
     * What the function does to this memory and the call that runs in it; its result, as wide as
     * its type says. Throws what {@link WasiFunction#call} does.
     *
     * @param numbers one for each parameter
     */
    long apply(WasiMemory memory, long... numbers);

    /** The function that modules import so. */
    static Optional<GuestFunction> named(String module, String name) {
        return switch (module) {
            case WasiFunction.MODULE -> WasiFunction.named(name).map(f -> f);
            case RunnelFunction.MODULE -> RunnelFunction.named(name).map(f -> f);
            default -> Optional.empty();
        };
    }

    /** All of them. */
    static List<GuestFunction> all() {
        List<GuestFunction> all = new ArrayList<>(List.of(WasiFunction.values()));
        all.addAll(List.of(RunnelFunction.values()));
        return all;
    }
}
