-- Which database this is, and how far its file has got. To tell whether a log belongs to a file.
select database_id, mark, file_mark from state;
