package com.example.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cambium.CambiumException;

class CsvTest {
    @TempDir
    Path folder;

    @Test
    void every_second_row_is_to_be_judged_by_and_classes_are_in_alphabetical_order() throws IOException {
        var splits = new Csv(write("x,y,class\n1,2,b\n3,4,a\n5,6,a\n"), 2).load();
        assertThat(splits.train().classNames()).containsExactly("a", "b");
        assertThat(splits.train().batch(0, 1, 0).inputs().toFloatArray()).containsExactly(5, 6, 1, 2);
        assertThat(splits.train().batch(0, 1, 0).targets().toLongArray()).containsExactly(0, 1);
        assertThat(splits.test().batch(0, 0).inputs().toFloatArray()).containsExactly(3, 4);
    }

    @Test
    void a_cell_that_is_no_number_is_an_error_with_file_line_and_column() throws IOException {
        assertRefused("x,y,class\n1,2,a\n3,four,b\n", "data.csv, line 3, column 2: 'four' is no finite number");
        assertRefused("x,y,class\n1,NaN,a\n3,4,b\n", "data.csv, line 2, column 2: 'NaN' is no finite number");
    }

    @Test
    void a_line_that_is_too_short_or_too_long_is_an_error_with_file_line_and_column() throws IOException {
        assertRefused("x,y,class\n1,2,a\n3,b\n", "data.csv, line 3, column 3: the line has 2 columns, the header 3");
        assertRefused("x,y,class\n1,2,a,b\n3,4,b\n", "data.csv, line 2, column 4: the line has 4 columns, the header 3");
    }

    @Test
    void a_missing_class_is_an_error_with_file_line_and_column() throws IOException {
        assertRefused("x,y,class\n1,2,a\n3,4,\n", "data.csv, line 3, column 3: the class is missing");
    }

    @Test
    void a_file_that_is_not_there_or_too_small_is_an_error_that_says_so() throws IOException {
        assertThatThrownBy(() -> new Csv(folder.resolve("none.csv"), 2).load()).isInstanceOf(CambiumException.class)
                .hasMessageContaining("there is no file").hasMessageContaining("none.csv");
        assertRefused("x,y,class\n1,2,a\n", "a header of 2 columns or more and over 1 rows are wanted");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), text);
    }

    private void assertRefused(String text, String message) throws IOException {
        var csv = new Csv(write(text), 2);
        assertThatThrownBy(csv::load).isInstanceOf(CambiumException.class).hasMessageEndingWith(message);
    }
}
