package dev.cambium.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

import dev.cambium.app.wiring.Platform;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("classpath")
class CambiumTest {
    @Test
    void version_names_the_program() {
        var out = new StringWriter();
        int code = Cambium.commandLine(Platform::standard).setOut(new PrintWriter(out)).execute("--version");
        assertThat(code).isZero();
        assertThat(out.toString()).startsWith("cambium 0.");
    }
}
