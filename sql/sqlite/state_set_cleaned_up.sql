-- After a cleanup: the newest id ever given out, and what was remembered of deleted texts is void.
update state set newest_id = max(newest_id, :newest_id), dictionary_epoch = dictionary_epoch + :texts_deleted;
