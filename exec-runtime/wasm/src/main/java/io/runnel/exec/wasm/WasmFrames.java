package io.runnel.exec.wasm;

import io.runnel.exec.isolate.GuestFrames;

import java.util.Optional;

/** Frames of compiled guests: the compiler names a method for the function's index. */
final class WasmFrames implements GuestFrames {
    private static final String CLASS = "CompiledMachine";
    private static final String FUNCTION = "func_";
    private static final int MOST_DIGITS = 9;

    private final FunctionNames names;

    WasmFrames(FunctionNames names) {
        this.names = names;
    }

    @Override
    public Optional<String> name(StackTraceElement frame) {
        String method = frame.getMethodName();
        int digits =
                method.startsWith(Peephole.AGAIN) ? Peephole.AGAIN.length() : FUNCTION.length();
        boolean isFunction =
                (method.startsWith(FUNCTION) || method.startsWith(Peephole.AGAIN))
                        && frame.getClassName().contains(CLASS)
                        && isIndex(method, digits);
        return isFunction
                ? Optional.of(names.of(Integer.parseInt(method.substring(digits))))
                : Optional.empty();
    }

    private static boolean isIndex(String method, int from) {
        int digits = method.length() - from;
        return digits > 0
                && digits <= MOST_DIGITS
                && method.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
    }
}
