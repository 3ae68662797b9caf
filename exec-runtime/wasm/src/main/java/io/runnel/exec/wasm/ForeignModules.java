package io.runnel.exec.wasm;

/** Modules that were made for something else: what their makers should do. */
final class ForeignModules {
    static final String COMPONENT =
            "it is a component (preview 2), not a module; compile for preview 1 (wasm32-wasip1,"
                    + " GOOS=wasip1), or take the core module out of it";

    private ForeignModules() {}

    /** Advice for who imports from this module; empty if nothing is known of it. */
    static String adviceFor(String module) {
        return switch (module) {
            case "env", "a" ->
                    "; it looks as if emscripten made it for JavaScript: link with"
                            + " -sSTANDALONE_WASM, or compile with clang --target=wasm32-wasi";
            case "wasi_unstable" -> "; that is preview 0: compile again with a newer WASI library";
            case "wbg", "__wbindgen_placeholder__", "__wbindgen_externref_xform__" ->
                    "; it was made by wasm-bindgen for JavaScript: compile for wasm32-wasip1";
            case "go", "gojs" -> "; it was made by Go for JavaScript: compile with GOOS=wasip1";
            default ->
                    module.startsWith("wasi:")
                            ? "; that is preview 2: compile for preview 1 (wasm32-wasip1)"
                            : "";
        };
    }
}
