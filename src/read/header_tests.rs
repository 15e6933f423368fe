use super::*;

fn table(text: &str) -> Plan {
    let rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect()).collect();
    plan(&rows)
}

fn records(text: &str) -> (bool, usize, usize, Option<usize>) {
    let plan = table(text);
    match plan.layout {
        Layout::Records(c) => (plan.has_header, c.collection, c.item, c.weight),
        other => panic!("{text}: {other:?}"),
    }
}

fn items(text: &str) -> (usize, Option<usize>) {
    match table(text).layout {
        Layout::Items(c) => (c.key, c.label),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn known_words_name_the_columns() {
    assert_eq!(records("collection,item\na,b"), (true, 0, 1, None));
    assert_eq!(records("user_id,item_id,rating,timestamp\n196,242,3,881250949"), (true, 0, 1, Some(2)));
    assert_eq!(records("userId,movieId,rating\n1,2,3"), (true, 0, 1, Some(2)));
    assert_eq!(records("Track Name,Playlist\nx,y"), (true, 1, 0, None));
    assert_eq!(records("n,ITEM,Collection,weight\n1,a,b,2"), (true, 2, 1, Some(3)), "weight before n");
    assert_eq!(records("user,artist,plays\nx,y,3"), (true, 0, 1, Some(2)));
    assert_eq!(records("recipe,ingredient\nx,y"), (true, 0, 1, None));
    assert_eq!(records("playlist,year,name\nx,1999,y"), (true, 0, 2, None));
    assert_eq!(records("person,film\nx,y"), (true, 0, 1, None));
}

#[test]
fn one_known_word_is_enough() {
    assert_eq!(records("director,film\nx,y"), (true, 0, 1, None));
    assert_eq!(records("rating,film,who\n5,y,x"), (true, 2, 1, Some(0)));
    assert_eq!(records("user,thing\nx,y"), (true, 0, 1, None));
}

#[test]
fn two_words_for_items_are_owner_and_item() {
    assert_eq!(records("film,actor\nx,a\nx,b"), (true, 0, 1, None));
    assert_eq!(records("film,actor,role\nx,a,1\nx,b,2"), (true, 0, 1, None), "repeated film: rows");
}

#[test]
fn a_first_row_of_data_is_no_header() {
    assert_eq!(records("1,193\n1,661\n2,1357"), (false, 0, 1, None));
    assert_eq!(records("u1,film a\nu1,film b\nu2,film a"), (false, 0, 1, None));
    assert_eq!(records("u1,film a\nu2,film b\nu3,film c"), (false, 0, 1, None), "same shape");
    assert_eq!(records("Ann,tea\nBob,tea"), (false, 0, 1, None), "repeats");
    assert_eq!(records("Ann,193,5\nBob,7,4"), (false, 0, 1, None), "a number");
    assert_eq!(
        records("list,schedule\nlist,catalog\nface,front"),
        (false, 0, 1, None),
        "a known word as data"
    );
}

#[test]
fn a_first_row_that_nothing_repeats_is_a_header() {
    assert_eq!(records("who,what\nAnn,tea\nBob,tea"), (true, 0, 1, None));
    assert_eq!(records("who,what\n1,193\n2,193"), (true, 0, 1, None));
    assert_eq!(records("who,what,count\nAnn,tea,2"), (true, 0, 1, Some(2)));
    assert_eq!(records("who,what"), (true, 0, 1, None));
}

#[test]
fn items_tables() {
    assert_eq!(items("item,label,category,year\na,A,x,1"), (0, Some(1)));
    assert_eq!(items("item_id,label,category\n1,A,x"), (0, Some(1)));
    assert_eq!(items("item,label,category,author\n1,A,x,y"), (0, Some(1)), "author is no owner here");
    assert_eq!(items("label,item,category\nA,a,x"), (1, Some(0)));
    assert_eq!(items("movieId,title,genres\n1,A,x\n2,B,y"), (0, Some(1)));
    assert_eq!(items("item,year\na,1"), (0, None));
    assert_eq!(items("item,label\na,A"), (0, Some(1)));
    assert_eq!(records("item,user\na,A"), (true, 1, 0, None));
    assert_eq!(records("item,collection,label\na,c,A"), (true, 1, 0, None));
}

#[test]
fn column_names_are_made_different() {
    assert_eq!(
        distinct(&["a", "", "a", "a (2)", "a", " "]),
        ["a", "column 2", "a (2)", "a (2) (2)", "a (3)", "column 6"]
    );
    assert_eq!(table("1,2,3\n1,3,4").columns, ["collection", "item", "column 3"]);
}

#[test]
fn shapes() {
    assert_eq!(shape("tt0498329"), "a9");
    assert_eq!(shape("a-12 b"), "a-9 a");
}
