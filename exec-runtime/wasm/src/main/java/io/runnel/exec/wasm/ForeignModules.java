package io.runnel.exec.wasm;

import io.runnel.exec.wasi.RunnelFunction;

import java.util.Set;

/** Modules that were made for something else: what their makers should do. */
final class ForeignModules {
    static final String COMPONENT =
            "it is a component (preview 2), not a module; compile for preview 1 (wasm32-wasip1,"
                    + " GOOS=wasip1), or take the core module out of it";

    /** What WASI was called before preview 1. */
    static final String PREVIEW_0 = "wasi_unstable";

    /** What has other numbers or other structures there. */
    private static final Set<String> OTHERWISE_IN_PREVIEW_0 =
            Set.of("fd_seek", "fd_filestat_get", "path_filestat_get", "poll_oneoff");

    private static final String RUNNEL =
            "; this node knows " + RunnelFunction.MODULE + " and no other version of it";

    private ForeignModules() {}

    /** Whether this function of preview 0 does there what it does in preview 1. */
    static boolean isSameInPreview0(String module, String function) {
        return module.equals(PREVIEW_0) && !OTHERWISE_IN_PREVIEW_0.contains(function);
    }

    /** Advice for who imports from this module; empty if nothing is known of it. */
    static String adviceFor(String module) {
        return switch (module) {
            case "env", "a" ->
                    "; it looks as if emscripten made it for JavaScript: link with"
                            + " -sSTANDALONE_WASM, or compile with clang --target=wasm32-wasi";
            case PREVIEW_0 -> "; that is preview 0: compile again with a newer WASI library";
            case "wbg", "__wbindgen_placeholder__", "__wbindgen_externref_xform__" ->
                    "; it was made by wasm-bindgen for JavaScript: compile for wasm32-wasip1";
            case "go", "gojs" -> "; it was made by Go for JavaScript: compile with GOOS=wasip1";
            case "runnel" -> RUNNEL;
            default ->
                    module.startsWith("wasi:")
                            ? "; that is preview 2: compile for preview 1 (wasm32-wasip1)"
                            : module.startsWith("runnel@") ? RUNNEL : "";
        };
    }
}
