package dev.cambium.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.cambium.CambiumException;
import dev.cambium.app.picture.SampleSheet;
import dev.cambium.app.run.AtomicFile;
import dev.cambium.app.terminal.DataTable;
import dev.cambium.app.terminal.Image;
import dev.cambium.app.terminal.ImageGrid;
import dev.cambium.app.terminal.Terminal;
import dev.cambium.app.wiring.LoadedData;
import dev.cambium.app.wiring.Platform;
import dev.cambium.data.Batch;
import dev.cambium.data.Dataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "show", mixinStandardHelpOptions = true,
        description = "Shows a dataset: its shapes and types, those of one batch, and some images with their labels.")
final class ShowCommand implements Runnable {
    private static final int ROWS = 3;

    private final Supplier<Platform> platform;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "50", converter = Converters.Count.class,
            description = "How many images the batch has. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(names = "--out", paramLabel = "FILE", description = "Also write the batch's images there, as PNG.")
    private @Nullable Path out;

    @Mixin
    private DataOptions data = new DataOptions();

    ShowCommand(Supplier<Platform> platform) {
        this.platform = platform;
    }

    @Override
    public void run() {
        Platform chosen = data.applyTo(platform.get());
        LoadedData loaded = LoadedData.load(
                data.dataset(chosen.parts()).map(named -> named.create(chosen.parts(), Dataset.class)), List.of(),
                chosen);
        Terminal terminal = chosen.terminal();
        int count = Math.min(batchSize, loaded.train().size());
        Batch batch = loaded.train().batch(0, IntStream.range(0, count).toArray());
        DataTable.print(terminal, loaded.dataset().name(), loaded.splits(), batch);
        if (!Image.isImage(loaded.train().inputType())) {
            throw new CambiumException("%s has inputs %s, which can't be shown as images".formatted(
                    loaded.dataset().name(), loaded.train().inputType()));
        }
        var samples = new ArrayList<SampleSheet.Sample>();
        for (int i = 0; i < count; i++) {
            String label = loaded.train().classNames().get((int) batch.targets().getLong(i));
            samples.add(new SampleSheet.Sample(Image.of(batch.inputs(), i), label, false));
        }
        print(terminal, samples);
        if (out != null) {
            AtomicFile.write(out, file -> SampleSheet.write(file, samples));
            terminal.line();
            terminal.line("%d images written to %s".formatted(count, out));
        }
    }

    private static void print(Terminal terminal, List<SampleSheet.Sample> samples) {
        int shown = ROWS * ImageGrid.inARow(terminal, samples.getFirst().image().width());
        List<SampleSheet.Sample> first = samples.subList(0, Math.min(shown, samples.size()));
        terminal.line();
        ImageGrid.print(terminal, first.stream().map(SampleSheet.Sample::image).toList(),
                first.stream().map(SampleSheet.Sample::caption).toList());
    }
}
